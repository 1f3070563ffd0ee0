from django.db import migrations

from federation.wire import digests


def fill(apps, _schema_editor):
    """As `StoredObject.save` would."""
    model = apps.get_model("federation", "StoredObject")
    rows = []
    for row in model.objects.only("uri", "version", "updated", "removed_at", "moderated").iterator(chunk_size=2000):
        row.key = digests.key(row.uri)
        if row.removed_at is not None and not row.moderated:
            row.leaf = digests.withdrawn(row.uri)
        else:
            row.leaf = digests.leaf(row.uri, row.version, row.updated)
        rows.append(row)
        if len(rows) == 500:
            model.objects.bulk_update(rows, ["key", "leaf"])
            rows = []
    model.objects.bulk_update(rows, ["key", "leaf"])


class Migration(migrations.Migration):
    dependencies = [("federation", "0009_convergence")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
